package io.watershed.hive;

import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.ql.io.CombineHiveInputFormat.AvoidSplitCombination;
import org.apache.hadoop.hive.ql.session.SessionState;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapred.FileInputFormat;
import org.apache.hadoop.mapred.InputFormat;
import org.apache.hadoop.mapred.InputSplit;
import org.apache.hadoop.mapred.JobConf;
import org.apache.hadoop.mapred.RecordReader;
import org.apache.hadoop.mapred.Reporter;

/** Plans a scan where its splits are asked for, and opens them where the tasks run. */
public final class WatershedInputFormat
    implements InputFormat<NullWritable, RowWritable>, AvoidSplitCombination {
  /** Set by Hive: one id for all scans of a query. */
  private static final String QUERY_ID = "hive.query.id";

  @Override
  public InputSplit[] getSplits(JobConf job, int ignored) throws IOException {
    try {
      TableSettings table = TableSettings.of(job::get);
      ReadColumns columns = ReadColumns.of(job);
      try (Sources sources = Sources.open(table)) {
        if (table.side() == TableSettings.Side.LIVE) {
          sources.requireSource();
        }
        QueryCut cut = QueryCut.of(queryId(job), sources);
        announce(cut);
        // Refused here, once, and not in each task.
        new RecordRows(columns, cut, sources.format());
        List<WatershedSplit> splits =
            new SplitPlan(location(job), table, sources, ScanConditions.of(job)).splits(cut);
        return splits.toArray(new InputSplit[0]);
      }
    } catch (WatershedException e) {
      throw Failures.forHive(e);
    }
  }

  /** Without one there is nothing that scans could share. */
  private static String queryId(JobConf job) {
    return Optional.ofNullable(job.get(QUERY_ID))
        .filter(id -> !id.isEmpty())
        .orElseGet(() -> UUID.randomUUID().toString());
  }

  private static Path location(JobConf job) {
    Path[] paths = FileInputFormat.getInputPaths(job);
    return paths.length == 0 ? new Path("/") : paths[0];
  }

  /** Shown in beeline beside the progress of the query. */
  private static void announce(QueryCut cut) {
    int gaps = cut.pinned().gaps().size();
    SessionState.getConsole()
        .printInfo(
            "watershed: "
                + cut.pinned().stream()
                + " at receipt "
                + cut.receipt().id()
                + (gaps == 0
                    ? ""
                    : ", with " + gaps + " gaps: records that nobody can read any more"));
  }

  @Override
  public RecordReader<NullWritable, RowWritable> getRecordReader(
      InputSplit split, JobConf job, Reporter reporter) throws IOException {
    try {
      return WatershedRecordReader.open(
          (WatershedSplit) split, ReadColumns.of(job), ScanConditions.of(job));
    } catch (WatershedException e) {
      throw Failures.forHive(e);
    }
  }

  /** A shard is one task. */
  @Override
  public boolean shouldSkipCombine(Path path, Configuration conf) {
    return true;
  }
}

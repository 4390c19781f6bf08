package io.watershed.hive;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapred.JobConf;
import org.apache.hadoop.mapred.OutputFormat;
import org.apache.hadoop.mapred.RecordWriter;
import org.apache.hadoop.util.Progressable;

/** Refuses to write, where the table's hook was not asked first. */
public final class WatershedOutputFormat implements OutputFormat<NullWritable, RowWritable> {
  /** What every attempt to write is told. */
  static WatershedException refused(String table) {
    return new WatershedException(
        ErrorCode.REFUSED,
        "the table '" + table + "' shows a stream and cannot be written",
        "Producers put records into the stream itself.");
  }

  @Override
  public RecordWriter<NullWritable, RowWritable> getRecordWriter(
      FileSystem ignored, JobConf job, String name, Progressable progress) throws IOException {
    throw Failures.forHive(refused(name));
  }

  @Override
  public void checkOutputSpecs(FileSystem ignored, JobConf job) throws IOException {
    throw Failures.forHive(refused(job.get("name", "")));
  }
}

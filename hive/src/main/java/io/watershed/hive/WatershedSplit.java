package io.watershed.hive;

import io.watershed.core.record.ShardKey;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapred.FileSplit;

/**
 * What one task reads: the live records of one shard, or some data files. The rest is in the
 * query's cut, which the task reads for itself. Hive looks up the table by the path, so this is a
 * file split by name only.
 */
public final class WatershedSplit extends FileSplit {
  /** Tez puts small splits together into one task; each shard is worth its own. */
  private static final long LIVE_BYTES = 64L << 20;

  private TableSettings table = new TableSettings("", "", TableSettings.Side.ALL);
  private String cut = "";
  private String incarnation = "";
  private String shard = "";
  private List<ArchivedFile> files = List.of();

  /**
   * A data file.
   *
   * @param key in the reservoir
   * @param sizeBytes its size
   * @param filtered whether it also holds rows outside the cut
   */
  record ArchivedFile(String key, long sizeBytes, boolean filtered) {}

  /** For Hadoop, which then calls {@link #readFields}. */
  public WatershedSplit() {}

  private WatershedSplit(
      Path location, long sizeBytes, TableSettings table, String cut, List<ArchivedFile> files) {
    super(location, 0, sizeBytes, new String[0]);
    this.table = table;
    this.cut = cut;
    this.files = List.copyOf(files);
  }

  /**
   * The live records of one shard.
   *
   * @param location of the table in Hive
   * @param cut key of the query's cut
   */
  static WatershedSplit live(Path location, TableSettings table, String cut, ShardKey shard) {
    WatershedSplit split = new WatershedSplit(location, LIVE_BYTES, table, cut, List.of());
    split.incarnation = shard.incarnation();
    split.shard = shard.shardId();
    return split;
  }

  /** Some data files. */
  static WatershedSplit archived(
      Path location, TableSettings table, String cut, List<ArchivedFile> files) {
    long bytes = files.stream().mapToLong(ArchivedFile::sizeBytes).sum();
    return new WatershedSplit(location, Math.max(1, bytes), table, cut, files);
  }

  TableSettings table() {
    return table;
  }

  String cut() {
    return cut;
  }

  /** Whether this is a shard's live records. */
  boolean isLive() {
    return !shard.isEmpty();
  }

  ShardKey shard() {
    return new ShardKey(incarnation, shard);
  }

  List<ArchivedFile> files() {
    return files;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    super.write(out);
    write(out, table.config());
    write(out, table.stream());
    write(out, table.side().text());
    write(out, cut);
    write(out, incarnation);
    write(out, shard);
    out.writeInt(files.size());
    for (ArchivedFile file : files) {
      write(out, file.key());
      out.writeLong(file.sizeBytes());
      out.writeBoolean(file.filtered());
    }
  }

  @Override
  public void readFields(DataInput in) throws IOException {
    super.readFields(in);
    table = new TableSettings(read(in), read(in), TableSettings.Side.of(read(in)));
    cut = read(in);
    incarnation = read(in);
    shard = read(in);
    int count = in.readInt();
    List<ArchivedFile> read = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      read.add(new ArchivedFile(read(in), in.readLong(), in.readBoolean()));
    }
    files = List.copyOf(read);
  }

  private static void write(DataOutput out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  private static String read(DataInput in) throws IOException {
    byte[] utf8 = new byte[in.readInt()];
    in.readFully(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /** Names the shard or the files only. */
  @Override
  public String toString() {
    return table.stream() + ": " + (isLive() ? shard : files.size() + " data files");
  }
}

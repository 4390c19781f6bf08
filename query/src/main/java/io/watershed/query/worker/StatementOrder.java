package io.watershed.query.worker;

import io.watershed.core.config.SqlSettings;
import io.watershed.query.spool.ValueCodec;
import io.watershed.query.view.StatementScript;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a child is told to run.
 *
 * @param script the views and the files under them
 * @param sql the user's statement, which passed the gate
 * @param timeout the statement's time as a whole, to be named in an error
 * @param timeLeft of that time
 * @param memoryBytes DuckDB's memory limit
 * @param spillBytes disk that it may spill to
 * @param threads DuckDB's threads
 * @param maxRows rows of the result
 * @param maxRowBytes size of one row
 * @param folder an empty folder for temporary files; the parent deletes it
 */
record StatementOrder(
    StatementScript script,
    String sql,
    Duration timeout,
    Duration timeLeft,
    long memoryBytes,
    long spillBytes,
    int threads,
    long maxRows,
    int maxRowBytes,
    Path folder) {

  static StatementOrder of(
      StatementScript script,
      String sql,
      Duration timeLeft,
      SqlSettings settings,
      int maxRowBytes,
      Path folder) {
    return new StatementOrder(
        script,
        sql,
        settings.timeout(),
        timeLeft,
        settings.memoryBytes(),
        settings.spillBytes(),
        settings.threads(),
        settings.maxRows(),
        maxRowBytes,
        folder);
  }

  /** The bounds as the in-process engine takes them; the others do not matter to a child. */
  SqlSettings settings() {
    SqlSettings any = SqlSettings.DEFAULTS;
    return new SqlSettings(
        timeout,
        memoryBytes,
        spillBytes,
        threads,
        maxRows,
        any.maxStatementChars(),
        any.maxReshreddedBytes(),
        any.maxReshreddedRecords(),
        any.cacheBytes(),
        any.parallelDownloads());
  }

  byte[] toBytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    writeTexts(out, script.statements());
    writeTexts(out, script.files().stream().map(Path::toString).toList());
    ValueCodec.writeText(out, sql);
    out.writeLong(timeout.toMillis());
    out.writeLong(timeLeft.toMillis());
    out.writeLong(memoryBytes);
    out.writeLong(spillBytes);
    out.writeInt(threads);
    out.writeLong(maxRows);
    out.writeInt(maxRowBytes);
    ValueCodec.writeText(out, folder.toString());
    return bytes.toByteArray();
  }

  static StatementOrder read(DataInputStream in) throws IOException {
    List<String> statements = readTexts(in);
    List<Path> files = readTexts(in).stream().map(Path::of).toList();
    return new StatementOrder(
        new StatementScript(statements, files),
        ValueCodec.readText(in),
        Duration.ofMillis(in.readLong()),
        Duration.ofMillis(in.readLong()),
        in.readLong(),
        in.readLong(),
        in.readInt(),
        in.readLong(),
        in.readInt(),
        Path.of(ValueCodec.readText(in)));
  }

  private static void writeTexts(DataOutputStream out, List<String> texts) throws IOException {
    out.writeInt(texts.size());
    for (String text : texts) {
      ValueCodec.writeText(out, text);
    }
  }

  private static List<String> readTexts(DataInputStream in) throws IOException {
    int size = in.readInt();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      texts.add(ValueCodec.readText(in));
    }
    return texts;
  }
}

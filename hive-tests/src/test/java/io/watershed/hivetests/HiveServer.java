package io.watershed.hivetests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** HiveServer2 as a process of its own, with the storage handler's one jar; see HiveProcess. */
final class HiveServer implements AutoCloseable {
  private final Process process;
  private final BufferedWriter statements;
  private final BufferedReader answers;
  private final Path log;

  private HiveServer(Process process, Path log) {
    this.process = process;
    this.statements = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), UTF_8));
    this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    this.log = log;
  }

  /** Starts it, and waits until it answers. */
  static HiveServer start(Path folder) throws Exception {
    Path conf = Files.createDirectories(folder.resolve("conf"));
    Files.writeString(conf.resolve("hive-site.xml"), site(folder));
    Path built = Path.of(System.getProperty("watershed.hive.server"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx1g"));
    for (String opened :
        List.of("lang", "net", "nio", "util", "util.concurrent", "util.concurrent.atomic")) {
      command.add("--add-opens=java.base/java." + opened + "=ALL-UNNAMED");
    }
    command.add("-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp")));
    command.add("-cp");
    command.add(
        String.join(
            File.pathSeparator,
            conf.toString(),
            built.resolve("classes").toString(),
            Files.readString(built.resolve("classpath.txt")).strip()));
    command.add("io.watershed.hiveserver.HiveProcess");
    Path log = folder.resolve("hive.log");
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectError(log.toFile()).start();
    HiveServer server = new HiveServer(process, log);
    String up = server.answers.readLine();
    if (!"up".equals(up)) {
      server.close();
      throw new AssertionError("HiveServer2 did not start: " + up + "\n" + server.log());
    }
    server.run("ADD JAR " + System.getProperty("watershed.hive.jar"));
    return server;
  }

  /** The rows, each as its values; null for NULL. */
  List<List<String>> run(String sql) throws IOException {
    send(sql, "");
    List<List<String>> rows = new ArrayList<>();
    String line = answers.readLine();
    while (line != null && line.startsWith("row")) {
      rows.add(row(line));
      line = answers.readLine();
    }
    end(line);
    return rows;
  }

  /** Fetches one row, does something, and fetches the others. */
  List<List<String>> run(String sql, Runnable afterTheFirst) throws IOException {
    send(sql, "step ");
    List<List<String>> rows = new ArrayList<>();
    String line = answers.readLine();
    while (line != null && line.startsWith("row")) {
      if (rows.isEmpty()) {
        afterTheFirst.run();
      }
      rows.add(row(line));
      statements.write("\n");
      statements.flush();
      line = answers.readLine();
    }
    end(line);
    return rows;
  }

  private void send(String sql, String prefix) throws IOException {
    statements.write(prefix + Base64.getEncoder().encodeToString(sql.getBytes(UTF_8)) + "\n");
    statements.flush();
  }

  private void end(String line) throws IOException {
    if (line == null) {
      throw new AssertionError("HiveServer2 has gone\n" + log());
    }
    if (line.startsWith("error ")) {
      throw new Refused(text(line.substring("error ".length())));
    }
  }

  private static List<String> row(String line) {
    String[] parts = line.split(" ", -1);
    return Stream.of(parts).skip(1).map(p -> p.equals("-") ? null : text(p)).toList();
  }

  private static String text(String base64) {
    return new String(Base64.getDecoder().decode(base64), UTF_8);
  }

  String log() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 80), lines.size()));
  }

  @Override
  public void close() throws Exception {
    statements.close();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  /** What Hive says of a statement that it does not run. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  private static String site(Path folder) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("javax.jdo.option.ConnectionURL", "jdbc:derby:memory:metastore;create=true");
    settings.put("datanucleus.schema.autoCreateAll", "true");
    settings.put("hive.metastore.schema.verification", "false");
    settings.put("hive.metastore.event.db.notification.api.auth", "false");
    settings.put("hive.execution.engine", "mr");
    settings.put("mapreduce.framework.name", "local");
    settings.put("fs.defaultFS", "file:///");
    // Else it would start a process for each join with a small table.
    settings.put("hive.exec.submit.local.task.via.child", "false");
    settings.put("hive.server2.thrift.bind.host", "127.0.0.1");
    settings.put("hive.server2.webui.port", "-1");
    settings.put("hive.server2.enable.doAs", "false");
    settings.put("hive.server2.tez.initialize.default.sessions", "false");
    settings.put("hive.server2.materializedviews.registry.impl", "DUMMY");
    settings.put("hive.support.concurrency", "false");
    settings.put("hive.txn.manager", "org.apache.hadoop.hive.ql.lockmgr.DummyTxnManager");
    for (String place :
        List.of(
            "hadoop.tmp.dir",
            "mapreduce.cluster.local.dir",
            "hive.metastore.warehouse.dir",
            "hive.metastore.warehouse.external.dir",
            "hive.exec.scratchdir",
            "hive.exec.local.scratchdir",
            "hive.downloaded.resources.dir",
            "hive.querylog.location",
            "hive.server2.logging.operation.log.location")) {
      settings.put(place, folder.resolve(place).toString());
    }
    StringBuilder xml = new StringBuilder("<configuration>\n");
    settings.forEach(
        (name, value) ->
            xml.append(
                "<property><name>%s</name><value>%s</value></property>\n".formatted(name, value)));
    return xml.append("</configuration>\n").toString();
  }
}

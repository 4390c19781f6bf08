package io.watershed.drilltests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sql --engine drill} against a drillbit of the archive, beside the embedded engine. */
class SqlOnDrillIT {
  private static final int ARCHIVED = 60;
  private static final int LIVE = 40;

  @TempDir Path folder;

  @Test
  void drillAnswersTheSameStatementOverTheSameCut() throws Exception {
    assumeTrue(Runtime.version().feature() == 17, "Drill runs on Java 17 only");
    try (Watershed kinesis = Watershed.start(folder, "dev", "kinesis", "--port", "0")) {
      kinesis.awaitOut(out -> out.contains("Kinesis endpoint: "));
      configure(first(kinesis.out(), "http://127\\.0\\.0\\.1:\\d+"), "127.0.0.1:1");
      put(1, ARCHIVED);
      ok("archive", "--once");
      put(ARCHIVED + 1, ARCHIVED + LIVE);
      try (Watershed drill =
          Watershed.start(
              folder,
              "dev",
              "drill",
              "--json",
              "--port",
              "0",
              "--heap",
              "512m",
              "--drill-home",
              System.getProperty("watershed.drill.archive"))) {
        drill.awaitOut(out -> out.endsWith("}\n"));
        configure(
            first(kinesis.out(), "http://127\\.0\\.0\\.1:\\d+"),
            first(drill.out(), "(?<=drillbit=)127\\.0\\.0\\.1:\\d+"));
        answersLikeTheEmbeddedEngine();
        anEarlierReceiptGivesTheSameRows();
        refusesWhatDrillCouldReadDifferently();
        aCancelEndsIt();
        aServerAsksItToo();
      }
      Watershed gone = Watershed.run(folder, "sql", "--engine", "drill", "SELECT 1 FROM orders");
      assertThat(gone.status()).isEqualTo(1);
      assertThat(gone.err()).contains("error[unreachable]: Drill does not answer at");
    }
  }

  private void answersLikeTheEmbeddedEngine() throws Exception {
    String script =
        """
        SELECT count(*) AS n, sum(id) AS s, min(_shard_id) AS shard FROM orders;
        SELECT o.id, o.city, o.box.size AS size FROM orders o WHERE id > 55 ORDER BY id LIMIT 10;
        SELECT city, count(*) AS n, avg(price) AS p FROM orders GROUP BY city ORDER BY city;
        SELECT count(*) AS n FROM orders a JOIN orders b ON a.id = b.id;
        SELECT count(*) AS n FROM orders_archive;
        SELECT count(*) AS n FROM orders_live; -- only what is live
        """;
    String drill = answers(script, "--engine", "drill");
    assertThat(drill).startsWith("{\"n\":" + (ARCHIVED + LIVE) + ",").isEqualTo(answers(script));
  }

  private String answers(String script, String... options) throws Exception {
    Path file = Files.writeString(folder.resolve("script.sql"), script);
    List<String> words = new ArrayList<>(List.of("sql", "-o", "ndjson", "-"));
    words.addAll(List.of(options));
    try (Watershed run = Watershed.start(folder, file, words.toArray(String[]::new))) {
      run.awaitEnd(180);
      assertThat(run.status()).as(run.err()).isZero();
      return run.out();
    }
  }

  private void anEarlierReceiptGivesTheSameRows() throws Exception {
    Watershed before =
        Watershed.run(folder, "sql", "--engine", "drill", "SELECT count(*) FROM orders");
    String receipt = first(before.out() + before.err(), "(?<=receipt )[0-9a-f]{8,}");
    put(ARCHIVED + LIVE + 1, ARCHIVED + LIVE + 5);
    String sql = "SELECT count(*) AS n FROM orders";

    assertThat(ok("sql", "--engine", "drill", "-o", "ndjson", "--as-of", receipt, sql))
        .isEqualTo("{\"n\":" + (ARCHIVED + LIVE) + "}\n");
    assertThat(ok("sql", "--engine", "drill", "-o", "ndjson", sql))
        .isEqualTo("{\"n\":" + (ARCHIVED + LIVE + 5) + "}\n");
  }

  private void refusesWhatDrillCouldReadDifferently() throws Exception {
    assertThat(fails("SELECT * FROM `dfs`.`/etc/passwd`")).contains("error[sql]", "` outside");
    assertThat(fails("SELECT nothing FROM orders")).contains("error[sql]: Drill: ");
  }

  private void aCancelEndsIt() throws Exception {
    try (Watershed long_ =
        Watershed.start(
            folder,
            "sql",
            "--engine",
            "drill",
            "-o",
            "ndjson",
            "SELECT a.id, b.id AS b, c.id AS c, d.id AS d FROM orders a JOIN orders b ON a.box.one ="
                + " b.box.one JOIN orders c ON b.box.one = c.box.one JOIN orders d ON c.box.one ="
                + " d.box.one")) {
      long_.awaitOut(out -> out.length() > 10_000);
      long_.terminate();
      long_.awaitEnd(60);
      assertThat(long_.status()).isNotZero();
    }
  }

  private void aServerAsksItToo() throws Exception {
    try (Watershed server =
        Watershed.start(folder, "serve", "--no-archive", "--listen", "127.0.0.1:0", "--json")) {
      server.awaitOut(out -> out.endsWith("}\n"));
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(first(server.out(), "http://127[0-9.:]+") + "/api/v1/query"))
              .header("Content-Type", "application/json")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "{\"sql\": \"SELECT count(*) AS n FROM orders\", \"engine\": \"drill\"}"))
              .build();
      HttpResponse<String> answer =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.body()).isEqualTo("{\"n\":" + (ARCHIVED + LIVE + 5) + "}\n");
      assertThat(answer.headers().firstValue("Watershed-Receipt")).isPresent();
    }
  }

  private String fails(String sql) throws Exception {
    Watershed run = Watershed.run(folder, "sql", "--engine", "drill", sql);
    assertThat(run.status()).as(sql).isNotZero();
    return run.err();
  }

  private String ok(String... arguments) throws Exception {
    Watershed run = Watershed.run(folder, arguments);
    assertThat(run.status()).as(run.err()).isZero();
    return run.out();
  }

  private void put(int from, int through) throws Exception {
    StringBuilder records = new StringBuilder();
    for (int id = from; id <= through; id++) {
      records.append(
          "{\"id\":%d,\"city\":\"c%d\",\"price\":%d.25,\"box\":{\"one\":1,\"size\":\"%s\"}}\n"
              .formatted(id, id % 7, id % 11, id % 2 == 0 ? "l" : "s"));
    }
    Files.writeString(folder.resolve("records.jsonl"), records);
    ok("dev", "put", "orders", "records.jsonl", "--key", "id", "--create", "2");
  }

  private void configure(String kinesis, String drillbit) throws Exception {
    Files.writeString(
        folder.resolve("watershed.yaml"),
        """
        reservoir: %s
        aws: {region: us-east-1, endpoint_url: '%s', local_credentials: true}
        streams: {orders: {}}
        drill: {drillbits: '%s'}
        """
            .formatted(folder.resolve("water"), kinesis, drillbit));
  }

  private static String first(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(pattern + " in " + text).isTrue();
    return matcher.group();
  }
}

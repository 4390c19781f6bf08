package io.watershed.drilltests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dev drill} starts drillbits and leaves none behind. */
class DevDrillIT {
  /** More than one has ZooKeeper beside, and takes half a minute longer. */
  private static final int DRILLBITS = Integer.getInteger("watershed.drillbits", 1);

  @TempDir Path folder;
  private int id;

  @Test
  void oneDrillbitAnswersAndEndsWithTheCommand() throws Exception {
    assumeTrue(Runtime.version().feature() == 17, "Drill runs on Java 17 only");
    try (Watershed drill = start("--port", "0")) {
      drill.awaitOut(out -> out.endsWith("}\n"));
      String web = first(drill.out(), "http://127\\.0\\.0\\.1:\\d+");
      List<ProcessHandle> children = drill.children();

      assertThat(drill.out()).contains("\"jdbc\":\"jdbc:drill:drillbit=127.0.0.1:");
      assertThat(ask(web, "SELECT count(*) AS n FROM sys.drillbits")).contains("\"n\":1");
      assertThat(children).hasSize(1);

      drill.terminate();
      drill.awaitEnd(60);
      assertThat(drill.err()).contains("Stopping.");
      assertThat(children).noneMatch(ProcessHandle::isAlive);
    }
  }

  @Test
  void noneIsLeftWhenTheCommandIsKilled() throws Exception {
    assumeTrue(Runtime.version().feature() == 17, "Drill runs on Java 17 only");
    try (Watershed drill = start("--port", "0", "--drillbits", Integer.toString(DRILLBITS))) {
      drill.awaitOut(out -> out.endsWith("}\n"));
      List<ProcessHandle> children = drill.children();
      String web = first(drill.out(), "http://127\\.0\\.0\\.1:\\d+");
      assertThat(children)
          .as("the drillbits, and ZooKeeper beside more than one")
          .hasSize(DRILLBITS == 1 ? 1 : DRILLBITS + 1);
      assertThat(ask(web, "SELECT count(*) AS n FROM sys.drillbits"))
          .contains("\"n\":" + DRILLBITS);

      drill.kill();

      for (ProcessHandle child : children) {
        child.onExit().get(60, TimeUnit.SECONDS);
      }
      assertThat(children).noneMatch(ProcessHandle::isAlive);
    }
  }

  @Test
  void twoDrillbitsReadWhatIsArchivedAndWhatIsLive() throws Exception {
    assumeTrue(Runtime.version().feature() == 17, "Drill runs on Java 17 only");
    try (LocalKinesis kinesis =
        LocalKinesis.start(LocalKinesisSettings.DEFAULTS.withPort(0).withEnforceLimits(false))) {
      kinesis.createStream("orders", 4);
      Path config = config(kinesis);
      put(kinesis, 60);
      Watershed archive = Watershed.run(folder, "archive", "--once", "--config", config.toString());
      assertThat(archive.status()).as(archive.err()).isZero();
      put(kinesis, 40);
      try (Watershed drill =
          start("--port", "0", "--drillbits", "2", "--config", config.toString())) {
        drill.awaitOut(out -> out.endsWith("}\n"));
        String web = first(drill.out(), "http://127\\.0\\.0\\.1:\\d+");
        ask(web, "ALTER SYSTEM SET `planner.slice_target` = 1");

        String answer =
            ask(
                web,
                "SELECT count(*) AS n, count(DISTINCT _sequence_number) AS d, sum(id) AS s,"
                    + " max(o.at.place) AS p FROM watershed.orders o");

        assertThat(answer).contains("\"n\":100", "\"d\":100", "\"s\":4950", "\"p\":\"z\"");
        String profile =
            get(web + "/profiles/" + group(answer, "\"queryId\":\"([^\"]+)\"") + ".json");
        assertThat(Pattern.compile("\"controlPort\":(\\d+)").matcher(profile).results())
            .extracting(result -> result.group(1))
            .as("both drillbits")
            .satisfies(ports -> assertThat(Set.copyOf(ports)).hasSize(2));
      }
    }
  }

  private Path config(LocalKinesis kinesis) throws Exception {
    return Files.writeString(
        folder.resolve("two.yaml"),
        "reservoir: "
            + folder.resolve("water")
            + "\naws:\n  region: us-east-1\n  endpoint_url: "
            + kinesis.endpoint()
            + "\n  local_credentials: true\nstreams:\n  orders: {}\n");
  }

  private void put(LocalKinesis kinesis, int records) {
    for (int i = 0; i < records; i++, id++) {
      String json = "{\"id\":" + id + ",\"at\":{\"place\":\"" + (id == 99 ? "z" : "a") + "\"}}";
      kinesis.put("orders", "key-" + id, json.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void withoutAnArchiveItSaysHowToMakeOne() throws Exception {
    assumeTrue(Runtime.version().feature() == 17, "Drill runs on Java 17 only");
    Watershed drill = Watershed.run(folder, "dev", "drill");

    assertThat(drill.status()).isEqualTo(1);
    assertThat(drill.err())
        .contains("error[not-found]: there is no Drill archive")
        .contains("hint: In the sources, './mvnw -DskipTests verify -pl drill-dist -am' makes it");
  }

  private Watershed start(String... options) throws Exception {
    String[] words = new String[options.length + 7];
    List<String> first =
        List.of(
            "dev",
            "drill",
            "--json",
            "--drill-home",
            System.getProperty("watershed.drill.archive"),
            "--heap",
            "512m");
    first.toArray(words);
    System.arraycopy(options, 0, words, first.size(), options.length);
    return Watershed.start(folder, words);
  }

  private static String group(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
  }

  private static String get(String url) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static String first(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).isTrue();
    return matcher.group();
  }

  private static String ask(String web, String sql) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(web + "/query.json"))
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"queryType\":\"SQL\",\"query\":\"" + sql + "\"}"))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}

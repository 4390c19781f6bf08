package io.watershed.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/** What a client of the server's benchmark does, again and again. */
enum ClientQuestion {
  /** Submits a statement, waits for its end, fetches its rows, forgets it. */
  AGGREGATE("aggregate by SQL") {
    @Override
    void ask(ServerClient client, SplittableRandom random, ClientLog log)
        throws IOException, InterruptedException {
      String sql = AGGREGATES.get(random.nextInt(AGGREGATES.size()));
      JsonNode statement =
          client.post("/api/v1/statements", JsonNodeFactory.instance.objectNode().put("sql", sql));
      String path = "/api/v1/statements/" + statement.path("id").asText();
      while (isUnderWay(statement)) {
        statement = client.get(path + "?wait=20");
      }
      if (!statement.path("state").asText().equals("done")) {
        throw new ServerClient.Refused(statement.path("problem").toString());
      }
      if (client.get(path + "/rows?limit=1000").path("rows").isEmpty()) {
        throw new ServerClient.Refused("no rows: " + sql);
      }
      client.delete(path);
    }
  },

  /** The newest records of one key, archived and live. */
  LOOKUP("records of a key") {
    @Override
    void ask(ServerClient client, SplittableRandom random, ClientLog log)
        throws IOException, InterruptedException {
      String key = "customer-" + random.nextInt(KEYS);
      String path = "/api/v1/streams/" + LoadProcess.STREAM + "/records?limit=20&key=" + key;
      for (JsonNode record : client.get(path).path("records")) {
        if (!record.path("partition_key").asText().equals(key)) {
          throw new ServerClient.Refused("a record of another key than " + key);
        }
      }
    }
  },

  /** Follows one key from now on, until it is interrupted or the stream of events ends. */
  TAIL("tail of a key") {
    @Override
    void ask(ServerClient client, SplittableRandom random, ClientLog log)
        throws IOException, InterruptedException {
      String key = "customer-" + random.nextInt(KEYS);
      String path = "/api/v1/streams/" + LoadProcess.STREAM + "/tail?key=" + key;
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(client.events(path), StandardCharsets.UTF_8))) {
        String event = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.startsWith("event: ")) {
            event = line.substring("event: ".length());
          } else if (line.startsWith("data: ")) {
            take(event, line, log);
          }
        }
      }
      throw new ServerClient.Refused("the tail ended by itself");
    }
  };

  private static final int KEYS = 20_000;
  private static final List<String> AGGREGATES =
      List.of(
          "SELECT type, count(*), round(sum(amount)) FROM orders GROUP BY ALL ORDER BY ALL",
          "SELECT customer.city, count(DISTINCT order_id), max(amount) FROM orders"
              + " WHERE channel = 'web' GROUP BY ALL ORDER BY ALL",
          "SELECT count(*), min(_arrival_time), max(_arrival_time) FROM orders");

  private final String text;

  ClientQuestion(String text) {
    this.text = text;
  }

  /** For a person. */
  String text() {
    return text;
  }

  /** Asks once; returns when all of the answer is there. */
  abstract void ask(ServerClient client, SplittableRandom random, ClientLog log)
      throws IOException, InterruptedException;

  private static boolean isUnderWay(JsonNode statement) {
    String state = statement.path("state").asText();
    return state.equals("queued") || state.equals("running");
  }

  private static void take(String event, String line, ClientLog log) throws ServerClient.Refused {
    switch (event) {
      case "record" -> log.tailed(1, 0);
      case "skipped" -> log.tailed(0, Long.parseLong(line.replaceAll("\\D", "")));
      case "problem", "gap", "ended", "stopping" ->
          throw new ServerClient.Refused(event + " " + line);
      default -> {
        // Progress and notices.
      }
    }
  }
}

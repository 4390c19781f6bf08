package io.watershed.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Clients at the same time, each a thread; a client asks again a second after its answer. */
final class ServerClients implements AutoCloseable {
  private static final long THINK_MILLIS = 1_000;

  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean ending;

  /**
   * Starts them.
   *
   * @param kinds what each of them asks
   */
  ServerClients(URI server, List<ClientQuestion> kinds, ClientLog log) {
    for (int i = 0; i < kinds.size(); i++) {
      // A tail keeps its connection: with a client of its own, its end ends only that.
      HttpClient http =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(Duration.ofSeconds(30))
              .build();
      ServerClient client = new ServerClient(http, server, ServedReservoir.token(i), log);
      ClientQuestion question = kinds.get(i);
      SplittableRandom random = new SplittableRandom(i);
      Thread thread = new Thread(() -> run(client, question, random, log), "client-" + i);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
  }

  private void run(
      ServerClient client, ClientQuestion question, SplittableRandom random, ClientLog log) {
    try {
      Thread.sleep(random.nextInt((int) THINK_MILLIS));
      while (!ending) {
        long start = System.nanoTime();
        try {
          question.ask(client, random, log);
          log.answered(question.text(), System.nanoTime() - start);
        } catch (IOException e) {
          if (!ending) {
            log.failed(question.text(), e);
          }
        }
        Thread.sleep(THINK_MILLIS);
      }
    } catch (InterruptedException e) {
      // The time is over.
      Thread.currentThread().interrupt();
    }
  }

  /** Ends them: what was asked and not answered does not count. */
  @Override
  public void close() throws InterruptedException {
    ending = true;
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join(Duration.ofSeconds(5).toMillis());
    }
  }
}

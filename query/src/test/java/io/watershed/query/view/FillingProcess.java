package io.watershed.query.view;

import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.store.ObjectStore.Part;
import io.watershed.reservoir.table.DataFileInfo;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A process that fetches a whole file, column by column, until a request hangs. */
final class FillingProcess {
  static final String HANGS = "hangs";

  private static final int ROWS = 60_000;

  private FillingProcess() {}

  /** Says {@link #HANGS} on a line of its own when it hangs, before this request. */
  static Process start(Path object, Path folder, int hangingRequest) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            FillingProcess.class.getName(),
            object.toString(),
            folder.toString(),
            Integer.toString(hangingRequest))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  public static void main(String[] arguments) throws Exception {
    byte[] content = Files.readAllBytes(Path.of(arguments[0]));
    int hanging = Integer.parseInt(arguments[2]);
    AtomicInteger requests = new AtomicInteger();
    ObjectStore store =
        (ObjectStore)
            Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(),
                new Class<?>[] {ObjectStore.class},
                (proxy, method, values) -> {
                  if (method.getName().equals("localPath")) {
                    return Optional.empty();
                  }
                  if (requests.incrementAndGet() == hanging) {
                    hang();
                  }
                  int from = (int) (long) values[1];
                  int to = Math.min(content.length, from + (int) values[2]);
                  return new Part(Arrays.copyOfRange(content, from, to), "first");
                });
    ExecutorService executor = Executors.newFixedThreadPool(2);
    FileCache cache =
        new FileCache(store, Path.of(arguments[1]), 100 << 20, executor, Instant::now);
    DataFileInfo file =
        new DataFileInfo(
            "a",
            content.length,
            ROWS,
            LocalDate.EPOCH,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Set.of());
    for (String column : List.of("even", "status", "_payload", "id", "customer", "amount")) {
      cache.localize(List.of(file), Optional.of(Set.of(column)));
    }
    hang();
  }

  private static void hang() throws InterruptedException {
    System.out.println(HANGS);
    System.out.flush();
    Thread.sleep(600_000);
  }
}

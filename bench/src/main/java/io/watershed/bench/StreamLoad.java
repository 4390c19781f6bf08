package io.watershed.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A {@link LoadProcess} that runs; close it. Thread-safe. */
final class StreamLoad implements AutoCloseable {
  private final Process process;
  private final URI uri;
  private volatile long bytes;

  private StreamLoad(Process process, URI uri, BufferedReader lines) {
    this.process = process;
    this.uri = uri;
    Thread reader = new Thread(() -> read(lines), "load");
    reader.setDaemon(true);
    reader.start();
  }

  static StreamLoad start(int shards, long bytesPerSecond) throws IOException {
    Process process =
        Processes.start(
            LoadProcess.class,
            List.of("-Xmx2200m"),
            List.of(Integer.toString(shards), Long.toString(bytesPerSecond)));
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String first = lines.readLine();
    if (first == null || !first.startsWith(Processes.RESULT)) {
      process.destroy();
      throw new IOException("the endpoint did not start");
    }
    return new StreamLoad(process, URI.create(first.substring(Processes.RESULT.length())), lines);
  }

  private void read(BufferedReader lines) {
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        bytes = Long.parseLong(line);
      }
    } catch (IOException e) {
      bytes = -1; // It was stopped: nobody asks any more.
    }
  }

  URI uri() {
    return uri;
  }

  /** Payload bytes that were put so far, a second old at most. */
  long bytes() {
    return bytes;
  }

  ProcessFamily family() {
    return new ProcessFamily(process.toHandle());
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    int unused = process.waitFor();
  }
}

package io.watershed.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The reference for servers: forwards the first request of each kind to a real one, and from then
 * on answers that kind with the same bytes and does nothing else. What a client reaches against it
 * is what the client and the loopback can do.
 */
final class ReplayServer implements AutoCloseable {
  private static final String KIND_HEADER = "x-amz-target";

  private final ServerSocket socket;
  private final URI upstream;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, byte[]> answers = new ConcurrentHashMap<>();

  private ReplayServer(ServerSocket socket, URI upstream) {
    this.socket = socket;
    this.upstream = upstream;
  }

  static ReplayServer start(URI upstream) throws IOException {
    ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    ReplayServer server = new ReplayServer(socket, upstream);
    daemon(server::accept).start();
    return server;
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        daemon(() -> serve(connection)).start();
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(connection.getInputStream(), 1 << 16);
      OutputStream out = connection.getOutputStream();
      while (true) {
        Map<String, String> headers = readHeaders(in);
        if (headers.isEmpty()) {
          return;
        }
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        byte[] answer = answers.get(headers.getOrDefault(KIND_HEADER, ""));
        if (answer == null) {
          answer = forward(headers, body);
          answers.put(headers.getOrDefault(KIND_HEADER, ""), answer);
        }
        out.write(answer);
        out.flush();
      }
    } catch (IOException | InterruptedException e) {
      // The client is gone: so is its connection.
      Thread.currentThread().interrupt();
    }
  }

  private byte[] forward(Map<String, String> headers, byte[] body)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        http.send(
            HttpRequest.newBuilder(upstream)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .header("x-amz-target", headers.getOrDefault(KIND_HEADER, ""))
                .header("content-type", headers.getOrDefault("content-type", ""))
                .header("authorization", headers.getOrDefault("authorization", ""))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    String head =
        "HTTP/1.1 "
            + response.statusCode()
            + " Replayed\r\ncontent-type: "
            + response.headers().firstValue("content-type").orElse("")
            + "\r\ncontent-length: "
            + response.body().length
            + "\r\n\r\n";
    byte[] headBytes = head.getBytes(StandardCharsets.US_ASCII);
    byte[] answer = new byte[headBytes.length + response.body().length];
    System.arraycopy(headBytes, 0, answer, 0, headBytes.length);
    System.arraycopy(response.body(), 0, answer, headBytes.length, response.body().length);
    return answer;
  }

  /** Header names in lower case; empty at the end of the connection. */
  private static Map<String, String> readHeaders(InputStream in) throws IOException {
    Map<String, String> headers = new ConcurrentHashMap<>();
    String requestLine = readLine(in);
    for (String line = requestLine; !line.isEmpty(); line = readLine(in)) {
      int colon = line.indexOf(':');
      if (colon > 0 && !line.equals(requestLine)) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
      }
    }
    return headers;
  }

  private static String readLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "replay-server");
    thread.setDaemon(true);
    return thread;
  }
}

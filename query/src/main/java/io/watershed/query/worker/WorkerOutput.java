package io.watershed.query.worker;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes frames, each as a whole. Thread-safe. */
final class WorkerOutput {
  private final DataOutputStream out;

  WorkerOutput(OutputStream out) {
    this.out = new DataOutputStream(out);
  }

  void send(Frame.Type type) throws IOException {
    send(type, new byte[0]);
  }

  void send(Frame.Type type, byte[] body) throws IOException {
    send(type, body, body.length);
  }

  synchronized void send(Frame.Type type, byte[] body, int length) throws IOException {
    Frame.write(out, type, body, length);
  }

  /** What a body is made of. */
  interface Content {
    void write(DataOutputStream out) throws IOException;
  }

  void send(Frame.Type type, Content content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    content.write(new DataOutputStream(bytes));
    send(type, bytes.toByteArray());
  }
}

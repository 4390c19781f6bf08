package io.watershed.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Prints UTF-8 and knows why it could not: a {@link PrintWriter} alone forgets the reason. */
final class ResultWriter extends PrintWriter {
  private final Remembering stream;

  private ResultWriter(Remembering stream) {
    super(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
    this.stream = stream;
  }

  static ResultWriter to(OutputStream stream) {
    return new ResultWriter(new Remembering(stream));
  }

  /** The first failure, of what has left the buffer. */
  Optional<IOException> failure() {
    return Optional.ofNullable(stream.failure);
  }

  private static final class Remembering extends FilterOutputStream {
    private volatile @Nullable IOException failure;

    Remembering(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        throw remember(e);
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        out.flush();
      } catch (IOException e) {
        throw remember(e);
      }
    }

    private IOException remember(IOException thrown) {
      if (failure == null) {
        failure = thrown;
      }
      return thrown;
    }
  }
}

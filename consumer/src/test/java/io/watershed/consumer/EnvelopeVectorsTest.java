package io.watershed.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The published test vectors are what the codec does. A change of the format shows here; after a
 * wanted one, write the file again with {@code -Dwatershed.writeVectors=true}.
 */
class EnvelopeVectorsTest {
  private static final Path FILE = Path.of("..", "docs", "envelope-vectors.json");

  @Test
  void theTestVectorsHaveNotChanged() throws IOException {
    if (Boolean.getBoolean("watershed.writeVectors")) {
      Files.writeString(FILE, EnvelopeVectors.json());
    }
    assertThat(Files.readString(FILE)).isEqualTo(EnvelopeVectors.json());
  }
}

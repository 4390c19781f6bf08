package io.watershed.reservoir;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.config.AwsAccess;
import io.watershed.core.payload.WriterSchemas;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoredSchemasTest {
  @TempDir Path folder;
  private final List<String> asked = new ArrayList<>();

  @Test
  void aSchemaIsKeptAtItsFirstSightAndNeverAskedForAgain() throws Exception {
    try (Reservoir reservoir = Reservoir.open(folder.toString(), AwsAccess.DEFAULT)) {
      WriterSchemas archiver = reservoir.schemas("orders", this::source, true);
      assertThat(archiver.find("17")).contains("\"int\"");
      assertThat(archiver.find("17")).contains("\"int\"");
      assertThat(asked).containsExactly("17");
      assertThat(Files.readString(folder.resolve("orders/schemas/17.avsc"))).isEqualTo("\"int\"");
      WriterSchemas reader = reservoir.schemas("orders", id -> Optional.empty(), false);
      assertThat(reader.find("17")).contains("\"int\"");
      assertThat(reservoir.schemas("clicks", id -> Optional.empty(), false).find("17")).isEmpty();
      assertThat(reservoir.streams()).isEmpty();
    }
  }

  @Test
  void aReaderKeepsNothing() {
    try (Reservoir reservoir = Reservoir.open(folder.toString(), AwsAccess.DEFAULT)) {
      assertThat(reservoir.schemas("orders", this::source, false).find("17")).contains("\"int\"");
      assertThat(folder.resolve("orders")).doesNotExist();
    }
  }

  @Test
  void anIdIsNoPath() {
    try (Reservoir reservoir = Reservoir.open(folder.toString(), AwsAccess.DEFAULT)) {
      WriterSchemas schemas = reservoir.schemas("orders", this::source, true);
      for (String id : List.of("../17", "a/b", "", ".", "x".repeat(65))) {
        assertThat(schemas.find(id)).isEmpty();
      }
      assertThat(asked).isEmpty();
    }
  }

  private Optional<String> source(String id) {
    asked.add(id);
    return Optional.of("\"int\"");
  }
}

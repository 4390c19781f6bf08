package io.watershed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.config.AwsAccess;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.TableState;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepairTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private TableState first;
  private TableState second;

  @BeforeEach
  void aTableOfTwoSnapshots() throws Exception {
    Files.writeString(
        folder.resolve("watershed.yaml"), "reservoir: ./res\nstreams:\n  orders: {}\n");
    try (Reservoir reservoir =
        Reservoir.open(folder.resolve("res").toString(), AwsAccess.DEFAULT)) {
      ArchiveTable table = reservoir.createOrLoad("orders");
      first = table.fence(table.load());
      second = table.fence(first);
    }
  }

  @Test
  void aTableInOrderIsLeftAlone() {
    CommandRun run = new CommandRun(folder).run("repair", "orders");
    assertThat(run.err()).contains("nothing to repair");
    assertThat(run.status()).isEqualTo(0);
  }

  @Test
  void anUnknownStreamIsAnError() {
    CommandRun run = new CommandRun(folder).run("repair", "clicks");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("clicks").contains("hint:");
  }

  @Test
  void theHintOfAForeignSnapshotNamesTheCommandThatRepairsIt() throws Exception {
    rollBackAsAnotherToolWould();
    CommandRun status = new CommandRun(folder).run("status", "--no-live");
    assertThat(status.status()).as(status.err()).isEqualTo(4);
    assertThat(status.err()).contains("watershed repair orders");

    assertThat(new CommandRun(folder).run("repair", "orders", "--dry-run").status()).isEqualTo(4);
    assertThat(new CommandRun(folder).run("repair", "orders").status()).isEqualTo(2);
    assertThat(new CommandRun(folder).run("status", "--no-live").status()).isEqualTo(4);

    assertThat(new CommandRun(folder).run("repair", "orders", "--yes").status()).isEqualTo(0);
    assertThat(new CommandRun(folder).run("status", "--no-live").status()).isEqualTo(0);
  }

  private void rollBackAsAnotherToolWould() throws Exception {
    Path metadata = folder.resolve("res/orders/metadata");
    long version = second.metadataVersion();
    ObjectNode table =
        (ObjectNode) JSON.readTree(metadata.resolve("v" + version + ".metadata.json").toFile());
    long snapshot = first.snapshotId().orElseThrow();
    table.put("current-snapshot-id", snapshot);
    ((ObjectNode) table.at("/refs/main")).put("snapshot-id", snapshot);
    JSON.writeValue(metadata.resolve("v" + (version + 1) + ".metadata.json").toFile(), table);
    Files.writeString(metadata.resolve("version-hint.text"), Long.toString(version + 1));
  }
}

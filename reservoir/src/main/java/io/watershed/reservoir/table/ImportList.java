package io.watershed.reservoir.table;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ObjectStore.CreateOutcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which objects were imported (PROTOCOL 8): immutable objects {@code imports-<id>.text}, each with
 * a line for every object of a commit and, in its first line, the name of the one before. One
 * property of the table names the newest, and changes in the commit that has the rows. A short
 * predecessor is taken over, so that many small imports do not make a long chain.
 */
final class ImportList {
  /** A list object is taken over by the next one as long as both together have no more lines. */
  static final int MAX_LINES = 5_000;

  private static final long MAX_BYTES = 64L << 20;
  private static final String NONE = "-";

  private final TableFolder folder;
  private final Supplier<UUID> ids;

  ImportList(TableFolder folder, Supplier<UUID> ids) {
    this.folder = folder;
    this.ids = ids;
  }

  private record Segment(@Nullable String previous, List<ImportedObject> objects) {}

  /** Every object, newest list first. */
  List<ImportedObject> read(@Nullable String newest) {
    List<ImportedObject> all = new ArrayList<>();
    for (String name = newest; name != null; ) {
      Segment segment = segment(name);
      all.addAll(segment.objects);
      name = segment.previous;
    }
    return all;
  }

  /**
   * Writes a list object; if the commit that is to name it is lost, it stays behind unnamed.
   *
   * @param newest what the table names now
   * @return the name of the new one
   */
  String append(@Nullable String newest, List<ImportedObject> objects) {
    String previous = newest;
    List<ImportedObject> lines = new ArrayList<>();
    if (newest != null) {
      Segment last = segment(newest);
      if (last.objects.size() + objects.size() <= MAX_LINES) {
        lines.addAll(last.objects);
        previous = last.previous;
      }
    }
    lines.addAll(objects);
    StringBuilder text = new StringBuilder(previous == null ? NONE : previous).append('\n');
    lines.forEach(object -> text.append(object.line()).append('\n'));
    String name = "imports-" + ids.get() + ".text";
    CreateOutcome outcome =
        folder
            .store()
            .createIfAbsent(
                folder.metadataKey(name), text.toString().getBytes(StandardCharsets.UTF_8));
    if (outcome != CreateOutcome.CREATED) {
      throw new WatershedException(
          ErrorCode.STORE,
          "The list of imported objects '" + folder.metadataKey(name) + "' could not be written",
          "Try again.");
    }
    return name;
  }

  private Segment segment(String name) {
    String key = folder.metadataKey(name);
    Optional<byte[]> content = folder.store().get(key, MAX_BYTES);
    if (content.isEmpty()) {
      throw broken(key, "is missing", null);
    }
    List<String> lines = new String(content.get(), StandardCharsets.UTF_8).lines().toList();
    try {
      return new Segment(
          lines.get(0).equals(NONE) ? null : lines.get(0),
          lines.stream().skip(1).map(ImportedObject::parse).toList());
    } catch (RuntimeException e) {
      throw broken(key, "cannot be read", e);
    }
  }

  private static WatershedException broken(String key, String how, @Nullable Exception cause) {
    return new WatershedException(
        ErrorCode.INTEGRITY,
        "The list of imported objects '" + key + "' " + how,
        "Restore it from a copy: without it an import could add records twice.",
        cause);
  }
}

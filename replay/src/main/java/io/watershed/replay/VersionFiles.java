package io.watershed.replay;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Versions per key, in {@value #PARTS} files by the digest of the key, so that one part after the
 * other fits in memory: with 100 million keys some 400,000 at a time. One thread.
 */
final class VersionFiles implements AutoCloseable {
  static final int PARTS = 256;

  private final List<Path> files = new ArrayList<>();
  private final List<DataOutputStream> outputs = new ArrayList<>();

  /**
   * @param folder of the caller's, who deletes it
   */
  VersionFiles(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (int part = 0; part < PARTS; part++) {
      Path file = folder.resolve(Integer.toString(part));
      files.add(file);
      outputs.add(new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file))));
    }
  }

  void add(HeldVersion version) throws IOException {
    version.write(outputs.get(Integer.parseInt(version.key().substring(0, 2), 16)));
  }

  /** What is held of each key of a part, once everything is added and closed. */
  Map<String, HeldVersion> read(int part) throws IOException {
    Map<String, HeldVersion> held = new HashMap<>();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(files.get(part))))) {
      while (true) {
        HeldVersion next = HeldVersion.read(in);
        held.merge(next.key(), next, HeldVersion::orNext);
      }
    } catch (EOFException end) {
      return held;
    }
  }

  @Override
  public void close() throws IOException {
    for (DataOutputStream output : outputs) {
      output.close();
    }
  }
}

package io.watershed.cli.sql;

import io.watershed.cli.OutputFormat;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.UnwrittenOutput;
import io.watershed.core.error.WatershedException;
import io.watershed.query.QueryOutcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * A file that gets a result: written beside it under a temporary name and moved when it is
 * complete, so that there is never half a result. An existing file is kept unless one says
 * otherwise.
 */
public final class ResultFile implements ResultOutput {
  private final Path file;
  private final boolean overwrite;

  /**
   * @param overwrite whether a file that is there may be replaced
   */
  public ResultFile(Path file, boolean overwrite) {
    this.file = file;
    this.overwrite = overwrite;
  }

  @Override
  public Optional<QueryOutcome> print(OutputFormat format, Execution statement) throws IOException {
    refuseToOverwrite();
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new WatershedException(
          ErrorCode.USAGE, "There is no folder " + folder, "Make it first, or name another file.");
    }
    Path partial =
        folder.resolve("." + file.getFileName() + "." + ProcessHandle.current().pid() + ".partial");
    try {
      Optional<QueryOutcome> outcome;
      try (OutputStream out = Files.newOutputStream(partial)) {
        outcome = StreamOutput.to(out).print(format, statement);
      }
      move(partial);
      return outcome;
    } catch (IOException e) {
      throw UnwrittenOutput.error(e);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private void refuseToOverwrite() {
    if (Files.isDirectory(file)) {
      throw new WatershedException(ErrorCode.USAGE, file + " is a folder", "Name a file in it.");
    }
    if (!overwrite && Files.exists(file)) {
      throw exists();
    }
  }

  private void move(Path partial) throws IOException {
    if (overwrite) {
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    try {
      // A hard link fails if somebody else made the file meanwhile; a move would replace it.
      Files.createLink(file, partial);
    } catch (FileAlreadyExistsException e) {
      throw exists();
    } catch (UnsupportedOperationException | IOException e) {
      Files.move(partial, file);
    }
  }

  private WatershedException exists() {
    return new WatershedException(
        ErrorCode.USAGE, file + " is already there", "Add --overwrite, or name another file.");
  }
}

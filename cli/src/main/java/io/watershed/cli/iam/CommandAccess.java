package io.watershed.cli.iam;

import static io.watershed.cli.iam.Access.DELETE_RESERVOIR;
import static io.watershed.cli.iam.Access.LIST_STREAMS;
import static io.watershed.cli.iam.Access.READ_RESERVOIR;
import static io.watershed.cli.iam.Access.READ_STREAMS;
import static io.watershed.cli.iam.Access.WRITE_CATALOG;
import static io.watershed.cli.iam.Access.WRITE_RECEIPTS;
import static io.watershed.cli.iam.Access.WRITE_RESERVOIR;
import static io.watershed.cli.iam.Access.WRITE_TARGET;

import io.watershed.core.config.Nearest;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** What each command needs. */
public enum CommandAccess {
  /** Reads streams, writes the table; probes the store and deletes old metadata. */
  ARCHIVE(READ_STREAMS, READ_RESERVOIR, WRITE_RESERVOIR, DELETE_RESERVOIR, WRITE_CATALOG),
  /** Reads both sides of the view, writes receipts. */
  SQL(READ_STREAMS, READ_RESERVOIR, WRITE_RECEIPTS),
  /** Reads as SQL does, keeps a ledger, writes to the target. */
  REPLAY(READ_STREAMS, READ_RESERVOIR, WRITE_RESERVOIR, WRITE_TARGET),
  /** Archives, answers statements and runs replays. */
  SERVE(
      READ_STREAMS, READ_RESERVOIR, WRITE_RESERVOIR, DELETE_RESERVOIR, WRITE_TARGET, WRITE_CATALOG),
  /** Compares the archive with itself and with the stream. */
  VERIFY(READ_STREAMS, READ_RESERVOIR),
  /** Looks at the tables, and at the tips of the shards. */
  STATUS(READ_STREAMS, READ_RESERVOIR),
  /** Rewrites and deletes files; needs no stream. */
  MAINTAIN(READ_RESERVOIR, WRITE_RESERVOIR, DELETE_RESERVOIR, WRITE_CATALOG),
  /** Adds files; reading what is imported comes on top. */
  IMPORT(READ_RESERVOIR, WRITE_RESERVOIR, DELETE_RESERVOIR, WRITE_CATALOG),
  /** Commits over a foreign snapshot. */
  REPAIR(READ_RESERVOIR, WRITE_RESERVOIR, WRITE_CATALOG),
  /** Brings the catalog's tables up to date. */
  CATALOG(READ_RESERVOIR, WRITE_CATALOG),
  /** Tries everything that archive needs, and lists the account's streams. */
  DOCTOR(READ_STREAMS, LIST_STREAMS, READ_RESERVOIR, WRITE_RESERVOIR, DELETE_RESERVOIR);

  @SuppressWarnings("ImmutableEnumChecker") // a Set.of never changes
  private final Set<Access> needs;

  CommandAccess(Access... needs) {
    this.needs = Set.of(needs);
  }

  boolean needs(Access access) {
    return needs.contains(access);
  }

  /** The name on the command line. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All names. */
  public static List<String> words() {
    return Stream.of(values()).map(CommandAccess::word).toList();
  }

  /**
   * The command of this name.
   *
   * @throws WatershedException {@code usage}
   */
  public static CommandAccess of(String word) {
    return Stream.of(values())
        .filter(command -> command.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new WatershedException(
                    ErrorCode.USAGE,
                    "'" + word + "' is no command that reaches AWS",
                    Nearest.to(word, words())
                        .map(nearest -> "Did you mean '" + nearest + "'?")
                        .orElse("Write one of: " + String.join(", ", words()) + ".")));
  }
}

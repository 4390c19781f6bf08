package io.watershed.core.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a configuration says of replays: what they may do, and how long a silent one is waited for.
 *
 * @param targets names or ARNs of streams that may be written to, {@code *} for any characters
 * @param maxRecords the most records that one replay may send
 * @param targetKeys the most partition keys of a target that are held in memory to know what is
 *     superseded
 * @param lease a run without a ledger entry for this long is taken to be dead
 */
public record ReplayGuards(List<String> targets, long maxRecords, long targetKeys, Duration lease) {
  /** Any target, a billion records, a million keys of the target, a lease of 30 s. */
  public static final ReplayGuards DEFAULTS =
      new ReplayGuards(
          List.of("*"),
          1_000_000_000L,
          ReplaySettings.DEFAULTS.targetKeys(),
          ReplaySettings.DEFAULTS.lease());

  public ReplayGuards {
    targets = List.copyOf(targets);
    if (maxRecords < 1) {
      throw new IllegalArgumentException("maxRecords must be above 0");
    }
  }

  /** Reads names and ARNs with commas between them. */
  static List<String> parseTargets(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(t -> !t.isEmpty()).toList();
  }

  /** Whether a stream may be written to. */
  public boolean allows(String name, String arn) {
    return targets.stream().anyMatch(target -> matches(target, name) || matches(target, arn));
  }

  private static boolean matches(String pattern, String text) {
    String regex =
        Arrays.stream(pattern.split("\\*", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return text.matches(regex);
  }
}

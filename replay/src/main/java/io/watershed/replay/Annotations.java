package io.watershed.replay;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Text that a replay adds to the envelope of each record, for its consumers.
 *
 * @param constants the same text for every record, by name
 * @param expressions SQL over the columns of the view, by name; a record for which it is NULL does
 *     not get the annotation
 */
public record Annotations(Map<String, String> constants, Map<String, String> expressions) {
  /** No annotations. */
  public static final Annotations NONE = new Annotations(Map.of(), Map.of());

  private static final int MAX_COUNT = 32;
  private static final int MAX_CHARS = 1_024;
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,63}");

  /**
   * @throws WatershedException {@code invalid-input} for a name that is none, given twice, or too
   *     many or too long
   */
  public Annotations {
    constants = Collections.unmodifiableMap(new TreeMap<>(constants));
    expressions = Collections.unmodifiableMap(new TreeMap<>(expressions));
    Set<String> names = new HashSet<>(constants.keySet());
    names.retainAll(expressions.keySet());
    if (!names.isEmpty()) {
      throw invalid("The annotation '" + names.iterator().next() + "' is given twice");
    }
    names(constants, expressions).stream()
        .filter(name -> !NAME.matcher(name).matches())
        .findFirst()
        .ifPresent(
            name -> {
              throw invalid("'" + name + "' is no name for an annotation");
            });
    if (constants.size() + expressions.size() > MAX_COUNT) {
      throw invalid("There are more than " + MAX_COUNT + " annotations");
    }
    if (constants.values().stream().anyMatch(text -> text.length() > MAX_CHARS)) {
      throw invalid("An annotation is longer than " + MAX_CHARS + " characters");
    }
  }

  private static List<String> names(Map<String, String> some, Map<String, String> others) {
    List<String> names = new ArrayList<>(some.keySet());
    names.addAll(others.keySet());
    return names;
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return constants.isEmpty() && expressions.isEmpty();
  }

  private static WatershedException invalid(String message) {
    return new WatershedException(
        ErrorCode.INVALID_INPUT,
        message,
        "Write name=text: a name is a letter and up to 63 letters, digits, '_', '.' and '-'.");
  }
}

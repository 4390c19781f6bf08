package io.watershed.localkinesis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The members of a request, or of a structure in it, checked as they are read. */
final class Fields {
  private static final int MAX_NAME_LENGTH = 128;

  private final ObjectNode node;
  private final WireFormat format;

  Fields(ObjectNode node, WireFormat format) {
    this.node = node;
    this.format = format;
  }

  boolean has(String member) {
    return find(member) != null;
  }

  Optional<String> text(String member) {
    JsonNode value = find(member);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw ServiceError.serialization(member + " must be a string.");
    }
    return Optional.of(value.textValue());
  }

  String requiredText(String member) {
    return text(member).orElseThrow(() -> missing(member));
  }

  /** A name or id: 1 to 128 of {@code [a-zA-Z0-9_.-]}. */
  Optional<String> name(String member) {
    Optional<String> name = text(member);
    name.ifPresent(
        value -> {
          if (!value.matches("[a-zA-Z0-9_.-]+")) {
            throw ServiceError.constraint(
                "'" + value + "'",
                memberName(member),
                "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
          }
          if (value.length() > MAX_NAME_LENGTH) {
            throw ServiceError.constraint(
                "'" + value + "'",
                memberName(member),
                "Member must have length less than or equal to " + MAX_NAME_LENGTH);
          }
        });
    return name;
  }

  String requiredName(String member) {
    return name(member).orElseThrow(() -> missing(member));
  }

  /** An integer in a range. */
  OptionalInt integer(String member, int min, int max) {
    JsonNode value = find(member);
    if (value == null) {
      return OptionalInt.empty();
    }
    if (!value.isNumber()) {
      throw ServiceError.serialization(member + " must be a number.");
    }
    long number = value.longValue();
    if (number < min) {
      throw ServiceError.constraint(
          "'" + number + "'",
          memberName(member),
          "Member must have value greater than or equal to " + min);
    }
    if (number > max) {
      throw ServiceError.constraint(
          "'" + number + "'",
          memberName(member),
          "Member must have value less than or equal to " + max);
    }
    return OptionalInt.of((int) number);
  }

  int requiredInteger(String member, int min, int max) {
    return integer(member, min, max).orElseThrow(() -> missing(member));
  }

  Optional<Instant> time(String member) {
    JsonNode value = find(member);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isNumber()) {
      throw ServiceError.serialization(member + " must be a timestamp.");
    }
    return Optional.of(format.readTime(value));
  }

  byte[] requiredBytes(String member) {
    JsonNode value = find(member);
    if (value == null) {
      throw missing(member);
    }
    try {
      byte[] bytes = value.binaryValue();
      if (bytes != null) {
        return bytes;
      }
    } catch (IOException e) {
      // Not base64: said below.
    }
    throw ServiceError.serialization(member + " must be a blob.");
  }

  Optional<Fields> structure(String member) {
    JsonNode value = find(member);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof ObjectNode object) {
      return Optional.of(new Fields(object, format));
    }
    throw ServiceError.serialization(member + " must be a structure.");
  }

  List<Fields> requiredList(String member, int maxLength) {
    JsonNode value = find(member);
    if (value == null) {
      throw missing(member);
    }
    if (!value.isArray()) {
      throw ServiceError.serialization(member + " must be a list.");
    }
    if (value.isEmpty() || value.size() > maxLength) {
      throw ServiceError.constraint(
          "'[" + value.size() + " members]'",
          memberName(member),
          value.isEmpty()
              ? "Member must have length greater than or equal to 1"
              : "Member must have length less than or equal to " + maxLength);
    }
    List<Fields> list = new ArrayList<>(value.size());
    for (JsonNode item : value) {
      if (!(item instanceof ObjectNode object)) {
        throw ServiceError.serialization(member + " must be a list of structures.");
      }
      list.add(new Fields(object, format));
    }
    return list;
  }

  static ServiceError missing(String member) {
    return ServiceError.constraint("null", memberName(member), "Member must not be null");
  }

  private static String memberName(String member) {
    return member.substring(0, 1).toLowerCase(Locale.ROOT) + member.substring(1);
  }

  private @Nullable JsonNode find(String member) {
    JsonNode value = node.get(member);
    return value == null || value.isNull() ? null : value;
  }
}

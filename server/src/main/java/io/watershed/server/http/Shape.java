package io.watershed.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.config.Nearest;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a parameter or a member of a body may be: checked before a handler sees it, and described in
 * the OpenAPI document. Immutable.
 */
public sealed interface Shape {
  /** Any text of at least one character. */
  static Shape text(int maxChars) {
    return new Text(1, maxChars, "");
  }

  /** Text that a regular expression matches as a whole. */
  static Shape text(int maxChars, String pattern) {
    return new Text(0, maxChars, pattern);
  }

  /** A whole number within bounds, both inclusive. */
  static Shape integer(long least, long most) {
    return new Whole(least, most);
  }

  /** A number within bounds, both inclusive. */
  static Shape number(double least, double most) {
    return new Decimal(least, most);
  }

  /** One of several words. */
  static Shape choice(String... words) {
    return new Choice(List.of(words));
  }

  /** True or false. */
  static Shape flag() {
    return new Flag();
  }

  /** A list. */
  static Shape listOf(Shape element, int maxElements) {
    return new ListOf(element, maxElements);
  }

  /** An object with any keys. */
  static Shape mapOf(Shape value, int maxMembers) {
    return new MapOf(value, maxMembers);
  }

  /** An object with these members. */
  static Members object(Member... members) {
    return new Members(List.of(members));
  }

  /**
   * Checks a value of a body.
   *
   * @param place where it is, for the error
   * @throws Problem 400
   */
  void check(JsonNode value, String place);

  /**
   * Checks and reads a parameter's text.
   *
   * @throws Problem 400
   */
  default JsonNode read(String text, String place) {
    throw new IllegalStateException("no parameter has this shape");
  }

  /** As in a JSON Schema. */
  ObjectNode schema();

  /** One member of an object. */
  record Member(String name, Shape shape, boolean required, String meaning) {
    /** One that must be there. */
    public static Member required(String name, Shape shape, String meaning) {
      return new Member(name, shape, true, meaning);
    }

    /** One that may be left out, or null. */
    public static Member optional(String name, Shape shape, String meaning) {
      return new Member(name, shape, false, meaning);
    }
  }

  /** See {@link Shape#text}. */
  record Text(int minChars, int maxChars, String pattern) implements Shape {
    @Override
    public void check(JsonNode value, String place) {
      if (!value.isTextual()) {
        throw wrong(place, "is not a text", "Write it in quotes.");
      }
      checkText(value.textValue(), place);
    }

    private void checkText(String text, String place) {
      if (text.length() < minChars) {
        throw wrong(place, "is empty", "Give a value, or leave it out.");
      }
      if (text.length() > maxChars) {
        throw wrong(place, "is longer than " + maxChars + " characters", "Shorten it.");
      }
      if (text.indexOf('\0') >= 0) {
        throw wrong(place, "has a NUL character", "Remove it.");
      }
      if (!pattern.isEmpty() && !Pattern.matches(pattern, text)) {
        throw wrong(place, "is not of the form " + pattern, "");
      }
    }

    @Override
    public JsonNode read(String text, String place) {
      checkText(text, place);
      return JsonNodeFactory.instance.textNode(text);
    }

    @Override
    public ObjectNode schema() {
      ObjectNode schema = type("string").put("maxLength", maxChars);
      if (minChars > 0) {
        schema.put("minLength", minChars);
      }
      if (!pattern.isEmpty()) {
        schema.put("pattern", "^(?:" + pattern + ")$");
      }
      return schema;
    }
  }

  /** See {@link Shape#integer}. */
  record Whole(long least, long most) implements Shape {
    @Override
    public void check(JsonNode value, String place) {
      if (!value.isIntegralNumber()
          || !value.canConvertToLong()
          || value.longValue() < least
          || value.longValue() > most) {
        throw wrong(place, "is not a whole number from " + least + " to " + most, "");
      }
    }

    @Override
    public JsonNode read(String text, String place) {
      try {
        JsonNode value = JsonNodeFactory.instance.numberNode(Long.parseLong(text));
        check(value, place);
        return value;
      } catch (NumberFormatException e) {
        throw wrong(place, "is not a whole number from " + least + " to " + most, "");
      }
    }

    @Override
    public ObjectNode schema() {
      return type("integer").put("minimum", least).put("maximum", most);
    }
  }

  /** See {@link Shape#number}. */
  record Decimal(double least, double most) implements Shape {
    @Override
    public void check(JsonNode value, String place) {
      if (!value.isNumber() || value.doubleValue() < least || value.doubleValue() > most) {
        throw wrong(place, "is not a number from " + plain(least) + " to " + plain(most), "");
      }
    }

    private static String plain(double number) {
      return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    @Override
    public ObjectNode schema() {
      return type("number").put("minimum", least).put("maximum", most);
    }
  }

  /** See {@link Shape#choice}. */
  record Choice(List<String> words) implements Shape {
    @Override
    public void check(JsonNode value, String place) {
      if (!words.contains(value.textValue())) {
        throw wrong(place, "is not a choice", "Write one of: " + String.join(", ", words) + ".");
      }
    }

    @Override
    public JsonNode read(String text, String place) {
      JsonNode value = JsonNodeFactory.instance.textNode(text);
      check(value, place);
      return value;
    }

    @Override
    public ObjectNode schema() {
      ObjectNode schema = type("string");
      words.forEach(schema.putArray("enum")::add);
      return schema;
    }
  }

  /** See {@link Shape#flag}. */
  record Flag() implements Shape {
    @Override
    public void check(JsonNode value, String place) {
      if (!value.isBoolean()) {
        throw wrong(place, "is not true or false", "");
      }
    }

    @Override
    public ObjectNode schema() {
      return type("boolean");
    }
  }

  /** See {@link Shape#listOf}. */
  record ListOf(Shape element, int maxElements) implements Shape {
    @Override
    public void check(JsonNode value, String place) {
      if (!value.isArray()) {
        throw wrong(place, "is not a list", "");
      }
      if (value.size() > maxElements) {
        throw wrong(place, "has more than " + maxElements + " elements", "");
      }
      for (int i = 0; i < value.size(); i++) {
        element.check(value.get(i), place + "[" + i + "]");
      }
    }

    @Override
    public ObjectNode schema() {
      ObjectNode schema = type("array").put("maxItems", maxElements);
      schema.set("items", element.schema());
      return schema;
    }
  }

  /** See {@link Shape#mapOf}. */
  record MapOf(Shape value, int maxMembers) implements Shape {
    @Override
    public void check(JsonNode object, String place) {
      if (!object.isObject()) {
        throw wrong(place, "is not an object", "");
      }
      if (object.size() > maxMembers) {
        throw wrong(place, "has more than " + maxMembers + " members", "");
      }
      for (Map.Entry<String, JsonNode> member : object.properties()) {
        value.check(member.getValue(), place + "." + member.getKey());
      }
    }

    @Override
    public ObjectNode schema() {
      ObjectNode schema = type("object").put("maxProperties", maxMembers);
      schema.set("additionalProperties", value.schema());
      return schema;
    }
  }

  /** See {@link Shape#object}. */
  record Members(List<Member> members) implements Shape {
    @Override
    public void check(JsonNode object, String place) {
      if (!object.isObject()) {
        throw wrong(place, "is not an object", "");
      }
      Set<String> known = new TreeSet<>();
      for (Member member : members) {
        known.add(member.name());
        JsonNode value = object.get(member.name());
        String there = place.equals(BODY) ? member.name() : place + "." + member.name();
        if (value != null && !value.isNull()) {
          member.shape().check(value, there);
        } else if (member.required()) {
          throw wrong(there, "is missing", member.meaning());
        }
      }
      object.fieldNames().forEachRemaining(name -> requireKnown(name, known, place));
    }

    private static void requireKnown(String name, Set<String> known, String place) {
      if (!known.contains(name)) {
        throw unknown(name, known, place.equals(BODY) ? "the body" : place);
      }
    }

    @Override
    public ObjectNode schema() {
      ObjectNode schema = type("object").put("additionalProperties", false);
      ObjectNode properties = schema.putObject("properties");
      for (Member member : members) {
        properties.set(member.name(), member.shape().schema().put("description", member.meaning()));
      }
      List<String> required = members.stream().filter(Member::required).map(Member::name).toList();
      if (!required.isEmpty()) {
        required.forEach(schema.putArray("required")::add);
      }
      return schema;
    }
  }

  /** The place of a whole body. */
  String BODY = "";

  /** A name that is not known here. */
  static Problem unknown(String name, Set<String> known, String place) {
    return Problem.badRequest(
        "'" + shortened(name) + "' is not known in " + place,
        Nearest.to(name, List.copyOf(known))
            .map(nearest -> "Did you mean '" + nearest + "'?")
            .orElseGet(
                () -> known.isEmpty() ? "Leave it out." : "Known: " + String.join(", ", known)));
  }

  private static Problem wrong(String place, String what, String hint) {
    return Problem.badRequest(
        (place.equals(BODY) ? "The body" : "'" + shortened(place) + "'") + " " + what, hint);
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }

  private static ObjectNode type(String name) {
    return JsonNodeFactory.instance.objectNode().put("type", name);
  }
}

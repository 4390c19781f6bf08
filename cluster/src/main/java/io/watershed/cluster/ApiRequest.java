package io.watershed.cluster;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * Requests as maps and lists under the names of the service's API, which is what {@code --dry-run}
 * prints, what {@code aws … --cli-input-json} takes, and what users add to.
 */
final class ApiRequest {
  private ApiRequest() {}

  /**
   * Lays one request over another: maps are merged, everything else replaces.
   *
   * @return a new map
   */
  @SuppressWarnings("unchecked") // maps of requests have text keys
  static Map<String, Object> merged(Map<String, Object> below, Map<String, Object> above) {
    Map<String, Object> merged = new LinkedHashMap<>(below);
    above.forEach(
        (name, value) ->
            merged.merge(
                name,
                value,
                (old, added) ->
                    old instanceof Map && added instanceof Map
                        ? merged((Map<String, Object>) old, (Map<String, Object>) added)
                        : added));
    return merged;
  }

  /**
   * Fills the builder of a request of the SDK.
   *
   * @param where the request's name, for errors
   * @throws WatershedException {@code config} for a name that the API does not have, or a value of
   *     another type
   */
  static <B extends SdkPojo> B fill(B builder, Map<String, Object> members, String where) {
    members.forEach(
        (name, value) -> {
          SdkField<?> field = field(builder, name, where);
          field.set(builder, value(field, value, where + "." + name));
        });
    return builder;
  }

  private static SdkField<?> field(SdkPojo builder, String name, String where) {
    for (SdkField<?> field : builder.sdkFields()) {
      if (field.locationName().equals(name)) {
        return field;
      }
    }
    TreeSet<String> known = new TreeSet<>();
    builder.sdkFields().forEach(field -> known.add(field.locationName()));
    throw new WatershedException(
        ErrorCode.CONFIG,
        "EMR's API has no '" + name + "' in " + where,
        "It has: " + String.join(", ", known) + ".");
  }

  private static Object value(SdkField<?> field, Object value, String where) {
    MarshallingType<?> type = field.marshallingType();
    if (type == MarshallingType.SDK_POJO) {
      SdkPojo builder = fill(field.constructor().get(), map(value, where), where);
      return ((SdkBuilder<?, ?>) builder).build();
    }
    if (type == MarshallingType.LIST) {
      SdkField<?> member = field.getTrait(ListTrait.class).memberFieldInfo();
      List<Object> values = new ArrayList<>();
      for (Object element : list(value, where)) {
        values.add(value(member, element, where + "[" + values.size() + "]"));
      }
      return values;
    }
    if (type == MarshallingType.MAP) {
      SdkField<?> member = field.getTrait(MapTrait.class).valueFieldInfo();
      Map<String, Object> values = new LinkedHashMap<>();
      map(value, where).forEach((k, v) -> values.put(k, value(member, v, where + "." + k)));
      return values;
    }
    return scalar(type, String.valueOf(value), where);
  }

  private static Object scalar(MarshallingType<?> type, String text, String where) {
    try {
      if (type == MarshallingType.INTEGER) {
        return Integer.valueOf(text);
      }
      if (type == MarshallingType.LONG) {
        return Long.valueOf(text);
      }
      if (type == MarshallingType.DOUBLE) {
        return Double.valueOf(text);
      }
    } catch (NumberFormatException e) {
      throw wrong(where, "a number");
    }
    if (type == MarshallingType.BOOLEAN) {
      if (!text.equals("true") && !text.equals("false")) {
        throw wrong(where, "true or false");
      }
      return Boolean.valueOf(text);
    }
    if (type == MarshallingType.STRING) {
      return text;
    }
    throw wrong(where, "something that cannot be written here");
  }

  @SuppressWarnings("unchecked") // as in merged
  private static Map<String, Object> map(Object value, String where) {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw wrong(where, "names and values");
  }

  private static List<?> list(Object value, String where) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw wrong(where, "a list");
  }

  private static WatershedException wrong(String where, String expected) {
    return new WatershedException(
        ErrorCode.CONFIG,
        "EMR's API expects " + expected + " at " + where,
        "Correct 'request' in the part 'cluster' of the configuration.");
  }
}

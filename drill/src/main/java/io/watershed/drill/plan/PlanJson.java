package io.watershed.drill.plan;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/** The records of this package as JSON inside a plan, whatever Drill's own mapper is set to. */
public final class PlanJson {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .setVisibility(PropertyAccessor.GETTER, Visibility.NONE)
          .setVisibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
          .setVisibility(PropertyAccessor.FIELD, Visibility.ANY);

  private PlanJson() {}

  /** The scan as JSON. */
  public static JsonNode of(StreamScan scan) {
    return MAPPER.valueToTree(scan);
  }

  /** The units as JSON. */
  public static JsonNode of(List<ScanUnit> units) {
    return MAPPER.valueToTree(units.toArray(new ScanUnit[0]));
  }

  /** Reads {@link #of(StreamScan)}. */
  public static StreamScan scan(JsonNode node) {
    try {
      return MAPPER.treeToValue(node, StreamScan.class);
    } catch (JsonProcessingException e) {
      throw notOurs(e);
    }
  }

  /** Reads {@link #of(List)}. */
  public static List<ScanUnit> units(JsonNode node) {
    try {
      return List.copyOf(MAPPER.treeToValue(node, new TypeReference<List<ScanUnit>>() {}));
    } catch (JsonProcessingException e) {
      throw notOurs(e);
    }
  }

  private static IllegalArgumentException notOurs(JsonProcessingException e) {
    return new IllegalArgumentException("not a plan of this version of watershed", e);
  }
}

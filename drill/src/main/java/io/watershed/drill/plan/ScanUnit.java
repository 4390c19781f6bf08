package io.watershed.drill.plan;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What one reader of a scan reads. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "unit")
@JsonSubTypes({
  @JsonSubTypes.Type(value = FileUnit.class, name = "file"),
  @JsonSubTypes.Type(value = ShardUnit.class, name = "shard"),
  @JsonSubTypes.Type(value = NoUnit.class, name = "none")
})
public sealed interface ScanUnit permits FileUnit, ShardUnit, NoUnit {
  /** Records, about. */
  long rows();

  /** Bytes to be read, about: work is shared out by them. */
  long bytes();
}

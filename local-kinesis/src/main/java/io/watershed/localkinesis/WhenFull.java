package io.watershed.localkinesis;

/** What happens to a put when {@link LocalKinesisSettings#maxBytesHeld()} is reached. */
public enum WhenFull {
  /** The put is throttled, with a message that names the bound. Nothing is lost. */
  REFUSE,
  /** The oldest records go, as if the retention were shorter: readers that are behind see a gap. */
  TRIM_OLDEST
}

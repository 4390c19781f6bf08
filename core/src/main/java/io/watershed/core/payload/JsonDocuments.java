package io.watershed.core.payload;

import com.fasterxml.jackson.core.JsonParser;
import io.watershed.consumer.Envelope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Splits a payload of several JSON documents, one after the other, with or without white space in
 * between. The slices together are the payload: each has the white space that follows its document,
 * and the first one what is before it.
 */
public final class JsonDocuments {
  /** A payload of more documents stays whole. */
  public static final int MAX_DOCUMENTS = 100_000;

  private JsonDocuments() {}

  /**
   * The documents' bytes. A payload that is not wholly made of JSON documents, within the limits of
   * {@link JsonLimits}, is not split; nor is a replayed record, which was one when it was archived.
   *
   * @param payload not modified; returned as it is if it is not split
   */
  public static List<byte[]> split(byte[] payload) {
    List<Integer> starts = starts(payload);
    if (starts.size() < 2 || Envelope.unwrap(payload).filter(Envelope::isIntact).isPresent()) {
      return List.of(payload);
    }
    List<byte[]> slices = new ArrayList<>(starts.size());
    int from = 0;
    for (int next : starts.subList(1, starts.size())) {
      slices.add(Arrays.copyOfRange(payload, from, next));
      from = next;
    }
    slices.add(Arrays.copyOfRange(payload, from, payload.length));
    return slices;
  }

  /** Where each document begins; none if something is not JSON, or there are too many. */
  private static List<Integer> starts(byte[] payload) {
    if (JsonBytes.firstProblem(payload) != null) {
      return List.of();
    }
    List<Integer> starts = new ArrayList<>();
    try (JsonParser parser = JsonShredder.FACTORY.createParser(payload)) {
      while (parser.nextToken() != null) {
        if (starts.size() == MAX_DOCUMENTS) {
          return List.of();
        }
        starts.add((int) parser.currentTokenLocation().getByteOffset());
        parser.skipChildren();
        parser.finishToken();
      }
      return starts;
    } catch (IOException e) {
      return List.of();
    }
  }
}

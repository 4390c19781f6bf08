package io.watershed.localkinesis;

/** One operation of the service. */
interface Operation {
  /**
   * Carries out a request.
   *
   * @throws ServiceError if it is refused
   */
  Answer handle(Fields request);
}

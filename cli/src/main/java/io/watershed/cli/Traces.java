package io.watershed.cli;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.Map;

/**
 * Sends spans by OTLP over HTTP, as the environment variables of OpenTelemetry say
 * (https://opentelemetry.io/docs/languages/sdk-configuration/otlp-exporter). Close it to send what
 * is left. Thread-safe.
 */
final class Traces implements AutoCloseable {
  private final OpenTelemetry telemetry;

  private Traces(OpenTelemetry telemetry) {
    this.telemetry = telemetry;
  }

  /** Sends nothing. */
  static Traces none() {
    return new Traces(OpenTelemetry.noop());
  }

  /**
   * Begins; sends nothing yet.
   *
   * @throws WatershedException {@code config} if the environment says what cannot be
   */
  static Traces open() {
    try {
      return new Traces(
          AutoConfiguredOpenTelemetrySdk.builder()
              .addPropertiesSupplier(
                  () ->
                      Map.of(
                          "otel.service.name", "watershed",
                          "otel.exporter.otlp.protocol", "http/protobuf",
                          "otel.metrics.exporter", "none",
                          "otel.logs.exporter", "none"))
              .disableShutdownHook()
              .build()
              .getOpenTelemetrySdk());
    } catch (RuntimeException e) {
      throw new WatershedException(
          ErrorCode.CONFIG,
          "The environment's OTEL_ variables cannot be used: " + e.getMessage(),
          "OTLP over HTTP is what there is: OTEL_EXPORTER_OTLP_ENDPOINT=http://host:4318.",
          e);
    }
  }

  OpenTelemetry telemetry() {
    return telemetry;
  }

  @Override
  public void close() {
    if (telemetry instanceof OpenTelemetrySdk sdk) {
      sdk.close();
    }
  }
}

/**
 * Metrics for Prometheus and a health answer for whoever restarts things, both made from the status
 * of running archivers at the moment of the request.
 */
@NullMarked
package io.watershed.server.monitor;

import org.jspecify.annotations.NullMarked;

/**
 * OpenTelemetry spans of what a server does: requests, and statements with their steps. They have
 * names, times and codes, and neither SQL nor payloads. Where they go is whoever opens the
 * server's.
 */
@NullMarked
package io.watershed.server.trace;

import org.jspecify.annotations.NullMarked;

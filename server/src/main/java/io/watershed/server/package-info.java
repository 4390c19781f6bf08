/**
 * watershed over HTTP: what {@code watershed serve} answers, and metrics and health of an archiver.
 * Listens on loopback unless told otherwise, and then demands a token. What is shown is that of the
 * modules below; its own are results that wait to be read, and the audit log.
 */
@NullMarked
package io.watershed.server;

import org.jspecify.annotations.NullMarked;

/**
 * What others ask a running watershed over HTTP. Listens on loopback unless told otherwise, and
 * then demands a token. Holds no state of its own: it shows that of the modules below.
 */
@NullMarked
package io.watershed.server;

import org.jspecify.annotations.NullMarked;

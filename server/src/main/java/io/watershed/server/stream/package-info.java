/** What the server says of streams: their state now, lately, and over the life of the archive. */
@NullMarked
package io.watershed.server.stream;

import org.jspecify.annotations.NullMarked;

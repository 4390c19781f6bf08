/**
 * The hot tail: records that an archiver has read and not committed, offered to statements on the
 * same machine over a local socket (PROTOCOL 5.4). Here is what both ends share: where the socket
 * is, the frames that go over it, and when an answer may be used. The archiver's end is in module
 * {@code archive}, the statement's in {@code query}.
 */
@NullMarked
package io.watershed.core.hottail;

import org.jspecify.annotations.NullMarked;

/** Records one by one: pages of one cut, a single record, and what arrives. */
@NullMarked
package io.watershed.server.record;

import org.jspecify.annotations.NullMarked;

/** Folders for files that live as long as one piece of work. */
@NullMarked
package io.watershed.core.scratch;

import org.jspecify.annotations.NullMarked;

/**
 * The tables about archives, as the embedded engine has them: what is in their metadata, read when
 * a statement is planned.
 */
@NullMarked
package io.watershed.drill.system;

import org.jspecify.annotations.NullMarked;

/**
 * The one exception type of watershed, and the codes it carries. Every error that reaches a person
 * says what happened, where, and what to do next.
 */
@NullMarked
package io.watershed.core.error;

import org.jspecify.annotations.NullMarked;

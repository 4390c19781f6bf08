/**
 * The logical columns of a view: one per JSON path over the physical columns that hold its types
 * (PROTOCOL 4.4). Pure.
 */
@NullMarked
package io.watershed.cut.schema;

import org.jspecify.annotations.NullMarked;

/**
 * Configuration as typed, validated values: one record a concern, each with its defaults, so that
 * limits have names, units and defaults in one place.
 */
@NullMarked
package io.watershed.core.config;

import org.jspecify.annotations.NullMarked;

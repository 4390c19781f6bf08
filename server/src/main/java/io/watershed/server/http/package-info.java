/**
 * HTTP without what it is about: one registry of routes from which routing, checking and the
 * OpenAPI document come; who may ask; errors as problem details; live events. Knows Javalin; knows
 * no streams and no statements.
 */
@NullMarked
package io.watershed.server.http;

import org.jspecify.annotations.NullMarked;

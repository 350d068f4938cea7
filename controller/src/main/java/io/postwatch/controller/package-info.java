/**
 * The controller. This package starts it; every package below is one module, see docs/architecture.md.
 */
@NullMarked
package io.postwatch.controller;

import org.jspecify.annotations.NullMarked;

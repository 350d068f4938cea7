/**
 * Whole-system tests: the built controller and agent as processes of their own, real mail servers, a real browser.
 * Nothing here reaches into a part; everything goes through files, sockets and the REST API, as a person's use does.
 */
@NullMarked
package io.postwatch.e2e;

import org.jspecify.annotations.NullMarked;

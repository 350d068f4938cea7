/**
 * The base of the REST API: permissions, paging, OpenAPI, and the console's files. Every module with REST
 * resources uses it; how it refuses is in {@code problem}, what it tells browsers unasked in {@code events}.
 */
@ApplicationModule(allowedDependencies = {"shared", "scope", "home", "peers"})
@NullMarked
package io.postwatch.controller.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

package io.postwatch.controller.result;

import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Has the upkeep of partitions run in time. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class ResultConfiguration {}

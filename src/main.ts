#!/usr/bin/env node
import { runCli } from './app/cli.js';

process.exitCode = await runCli();

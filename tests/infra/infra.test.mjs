// The checks over the repository as it is. A fault's sentence says what to add where.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orphans, parameterFaults } from './lib/bicep.mjs';
import * as checks from './lib/checks.mjs';
import { compile } from './lib/compiler.mjs';
import { Project } from './lib/project.mjs';

const project = Project.load();
const none = (name, found) => test(name, () => assert.deepEqual(found(project), []));

none('The Bicep compiler builds the infrastructure and its linter finds nothing, not even a warning', compile);
none('Every Bicep file is part of it', orphans);
none('The parameters file gives the parameters that there are, with the same defaults', parameterFaults);
none('Every setting that the code reads is given or documented as optional, and no other is given', checks.settingFaults);
none('Documents name no setting that the code does not read', checks.namedSettingFaults);
none('A developer\'s settings need the storage emulator alone', checks.localFaults);
none('Queues of the code, of the infrastructure and of the triggers are the same', checks.queueFaults);
none('The app has the roles that its clients and its host need, and no other', checks.roleFaults);
none('host.json has only what the host knows', checks.hostFaults);
none('There is no secret in the infrastructure', checks.secretFaults);
none('The infrastructure names functions as they are called', checks.functionNameFaults);
none('azd\'s hooks use outputs and variables that there are', checks.azdFaults);
none('The guide\'s tables of routes, queues, timers and roles say what is so', checks.documentFaults);
none('Every alert has its answer in the operator\'s guide', checks.alertFaults);
none('Links between documents lead somewhere', checks.linkFaults);

import { z } from 'zod';

import type { ApiCall, ApiRoute, Reply } from '../../reply.js';
import { createDepartment, departmentById, replaceDepartment, type DepartmentBody } from '../departments.js';
import { updatedReply } from '../replies.js';
import { read } from '../user-input.js';
import { departmentJson } from '../wire.js';
import type { World } from '../world.js';

/** The whole object (vendors.md 2.3). Whatever is left out is empty afterwards. */
const body = z.object({
  name: z.string().trim().min(1),
  description: z
    .string()
    .nullish()
    .transform((text) => text ?? ''),
  ring_strategy: z.string().min(1),
  use_as_queue: z.boolean().default(false),
  timeout_dest_type: z.string().nullable().default(null),
  timeout_destination: z.string().nullable().default(null),
  destination: z.array(z.string()).default([]),
});

export function departmentRoutes(world: World): ApiRoute[] {
  return [
    {
      method: 'get',
      path: '/v1/departments',
      handle: () => ({
        status: 200,
        body: world.state.departments.rows().map((department) => departmentJson(world, department)),
      }),
    },
    { method: 'post', path: '/v1/department', handle: (call) => postDepartment(world, call) },
    { method: 'put', path: '/v1/department/:id', handle: (call) => putDepartment(world, call) },
  ];
}

function postDepartment(world: World, call: ApiCall): Reply {
  const department = createDepartment(world, readDepartment(call));
  return {
    status: 200,
    body: { success: true, data: { id: department.id } },
    effects: [`department.created ${department.id}`],
  };
}

function putDepartment(world: World, call: ApiCall): Reply {
  const department = departmentById(world, call.params['id'] ?? '');
  replaceDepartment(world, department, readDepartment(call));
  return updatedReply('Department updated successfully.', [`department.updated ${department.id}`]);
}

function readDepartment(call: ApiCall): DepartmentBody {
  return read(body, call.body);
}

// A chat back end as it is usually built: Express, socket.io, pg and JWT, in one process. It does the least that one must:
// knows the operator by a token, stores a message and touches its conversation in one transaction, tells the sockets, and
// lists the latest fifty conversations. `cargo xtask bench peers` runs it beside OmniChat.
//
// DATABASE_URL is a database with the tables of schema.sql, JWT_SECRET signs tokens. The first line of its output is JSON:
// the port of the loopback address that it listens on, and an operator's token. It ends when its standard input does.

import { createServer } from 'node:http'

import express from 'express'
import jwt from 'jsonwebtoken'
import pg from 'pg'
import { Server } from 'socket.io'

const { DATABASE_URL, JWT_SECRET } = process.env
const OPERATORS = 'operators'

const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 })
const app = express()
const http = createServer(app)
const sockets = new Server(http)

/** Who holds this token; throws where nobody does. */
function operatorOf(token) {
  return Number(jwt.verify(token, JWT_SECRET, { algorithms: ['HS256'] }).sub)
}

sockets.use((socket, next) => {
  try {
    socket.data.operator = operatorOf(socket.handshake.auth.token)
    next()
  } catch (error) {
    next(error)
  }
})
sockets.on('connection', (socket) => socket.join(OPERATORS))

function signedIn(request, response, next) {
  const [scheme, token] = (request.get('authorization') ?? '').split(' ')
  try {
    if (scheme !== 'Bearer') throw new Error('no token')
    request.operator = operatorOf(token)
  } catch {
    response.status(401).json({ error: 'sign in first' })
    return
  }
  next()
}

/** Runs `work` on one connection in a transaction, which is undone where it throws. */
async function transaction(work) {
  const client = await pool.connect()
  let broken
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    // A connection that cannot even undo is not given back.
    await client.query('ROLLBACK').catch((failure) => {
      broken = failure
    })
    throw error
  } finally {
    client.release(broken)
  }
}

/** The stored message, or nothing where there is no such conversation. */
function store(conversation, operator, text) {
  return transaction(async (client) => {
    const touched = await client.query('UPDATE conversations SET updated_at = now() WHERE id = $1', [conversation])
    if (touched.rowCount === 0) return undefined
    const inserted = await client.query(
      'INSERT INTO messages (conversation_id, operator_id, text) VALUES ($1, $2, $3) RETURNING *',
      [conversation, operator, text],
    )
    return inserted.rows[0]
  })
}

app.disable('x-powered-by')

app.get('/api/conversations', signedIn, async (request, response) => {
  const latest = await pool.query('SELECT id, channel, updated_at FROM conversations ORDER BY updated_at DESC LIMIT 50')
  response.json(latest.rows)
})

app.post('/api/conversations/:id/messages', signedIn, express.json(), async (request, response) => {
  const conversation = Number(request.params.id)
  const text = request.body?.text
  if (!Number.isInteger(conversation) || typeof text !== 'string' || text === '') {
    response.status(400).json({ error: 'a message has a text' })
    return
  }
  const message = await store(conversation, request.operator, text)
  if (message === undefined) {
    response.status(404).json({ error: 'no such conversation' })
    return
  }
  sockets.to(OPERATORS).emit('message', message)
  response.status(201).json(message)
})

http.listen(0, '127.0.0.1', () => {
  const token = jwt.sign({}, JWT_SECRET, { subject: '1', expiresIn: '12h' })
  console.log(JSON.stringify({ port: http.address().port, token }))
})

process.stdin.resume().on('end', () => process.exit())

import { chromium } from '@playwright/test';
const key=process.argv[2];
const b=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox','--disable-gpu']});
for (const [w,s] of [[1600,'light'],[1600,'dark'],[1000,'light'],[360,'dark'],[360,'light']]) {
  const p=await b.newPage({viewport:{width:w,height:w<500?780:900},colorScheme:s});
  p.on('console',m=>console.log(m.text())); p.on('pageerror',e=>console.log(e));
  await p.goto('http://127.0.0.1:3299/#/payments/'+key);
  await p.locator('#timeline li').first().waitFor();
  await p.locator('#payment-requests summary').first().click();
  await p.waitForTimeout(700);
  await p.screenshot({path:`/tmp/insp-${w}-${s}.png`});
  if(s=='light'){
    await p.locator('#faults > summary').click(); await p.waitForTimeout(200);
    await p.screenshot({path:`/tmp/insp-${w}-faults.png`});
    await p.locator('#faults > summary').click();
    for (const v of ['requests','webhooks','start','payments']) { await p.goto('http://127.0.0.1:3299/#/'+v); await p.waitForTimeout(500); await p.screenshot({path:`/tmp/insp-${w}-${v}.png`}); }
  }
  await p.close();
}
await b.close();
